"""Whom a new version of the policy shuts out."""

from policies.models import PolicyVersion
from vendors.models import Vendor


def shut_out_by(version: PolicyVersion) -> list[Vendor]:
    """The vendors that may not mail from the moment `version` counts until they accept it, by name.

    Until acceptances are kept, that is every active vendor.
    """
    del version  # whoever wires this to acceptances asks which of them are older than it
    return list(Vendor.objects.filter(state=Vendor.State.ACTIVE))
