"""Changes to several records at once, and the rules for them. Functions take plain values: no request, no form."""
