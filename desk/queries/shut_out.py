"""Whom a new version of the policy shuts out."""

from policies.models import PolicyVersion
from questionnaires.amendments import agreed_to
from questionnaires.models import Acceptance
from vendors.models import Vendor


def shut_out_by(version: PolicyVersion) -> list[Vendor]:
    """The vendors in use whose acceptance of Exhibit A is in force, by name: from the moment that `version`, a material
    one, counts they may not mail until they accept it. Who has signed under it, or under a later one, is left out, and
    the others are shut out as it is."""
    accepted = Acceptance.objects.in_force().filter(exhibit="A")
    if version.number is not None:
        accepted = accepted.exclude(policy__number__gte=version.number).exclude(agreed_to(version.number))
    return list(Vendor.objects.filter(state=Vendor.State.ACTIVE, pk__in=accepted.values("vendor")))
