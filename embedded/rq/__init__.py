"""What a bench has of the package rq and this host, which has no workers, needs of it: the names of its exceptions."""
