"""One row for each job, written before anything is paid."""
