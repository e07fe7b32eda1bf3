"""The values of the domain: jobs, offers, prices, plans, and the requests they lead to."""
