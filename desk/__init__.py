"""The window for staff: pages over the rows of the apps below. HTTP only; no models, no rules."""
