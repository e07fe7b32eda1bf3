"""Many workers on one list of jobs, which lies beside the journal in Postgres."""
