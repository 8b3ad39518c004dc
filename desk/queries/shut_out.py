"""Whom a new version of the policy shuts out."""

from policies.models import PolicyVersion
from questionnaires.models import Acceptance
from vendors.models import Vendor


def shut_out_by(version: PolicyVersion) -> list[Vendor]:
    """The vendors in use whose acceptance of Exhibit A is in force, by name: from the moment that `version`, a material
    one, counts they may not mail until they accept it. The others are shut out as it is."""
    accepted = Acceptance.objects.in_force().filter(exhibit="A").exclude(policy=version)
    return list(Vendor.objects.filter(state=Vendor.State.ACTIVE, pk__in=accepted.values("vendor")))
