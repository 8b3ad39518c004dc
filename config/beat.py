"""The beat table: which sweep is rung how often, and the worker's settings.

Sweeps take no arguments and expire: a lost, doubled or late ring is harmless, because what is due stands in rows.
"""

from config import env, places

STAGES: dict[str, str] = {  # stage: the task that sweeps it
    "enrol": "monitors.tasks.sweep_enrolment",
    "watch": "monitors.tasks.sweep_watches",
    "survey": "monitors.tasks.sweep_surveys",
    "evidence": "monitors.tasks.sweep_evidence",
    "sight": "monitors.tasks.sweep_sight",
    "attest": "monitors.tasks.sweep_attestations",
    "order": "halts.tasks.sweep_findings",
    "step": "halts.tasks.sweep_orders",
    "deliver": "notices.tasks.sweep_deliveries",
    "look": "questionnaires.tasks.sweep_looks",
    "remind": "questionnaires.tasks.sweep_reminders",
    "tally": "monitors.tasks.sweep_track_records",
    "prune": "monitors.tasks.sweep_observations",
}
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 5, least=0.2)
BROKER_URL = places.broker()

_RING = {"max_retries": 0, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}  # a bell is not waited for
_REDIS = _RING | {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "socket_timeout": 10,
}
_RABBITMQ = _RING | {"confirm_publish": True}
_MEMORY = {"polling_interval": 0.05}  # seconds; the transport's own second would make the bell no faster than the sweep

CELERY = {
    "broker_url": BROKER_URL,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,  # a worker outlives any outage of its broker
    "broker_transport_options": (
        _REDIS if BROKER_URL.startswith("redis") else _RABBITMQ if BROKER_URL.startswith("amqp") else _MEMORY
    ),
    "broker_heartbeat": 10,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_time_limit": 60,
    "task_soft_time_limit": 45,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 20,
    "beat_scheduler": "celery.beat:Scheduler",  # keeps no file: sweeps are rung anew after a start
    "beat_max_loop_interval": min(1.0, SWEEP_SECONDS),
    "enable_utc": True,
    "timezone": "UTC",
    "beat_schedule": {
        stage: {"task": task, "schedule": SWEEP_SECONDS, "options": {"expires": max(2 * SWEEP_SECONDS, 2)}}
        for stage, task in STAGES.items()
    },
}
