"""How Sluice touches the outside world. Pure: it knows neither Django nor Celery, and judges nothing."""
