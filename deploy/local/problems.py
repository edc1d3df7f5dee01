"""What can go wrong on a machine that is not ours, as opposed to a mistake in the launcher.

Problem
├── CannotInstall   system_packages: a package is missing and may not be installed
├── SetupFailed     bootstrap: the workbench could not be made
├── PortBusy        ports: a port asked for by number is taken
├── NotReady        children: a process started alone does not answer
├── ClusterFailed   postgres: the cluster could not be made
├── NeedsPostgresql house: several replicas on SQLite
├── AlreadyOpen     opening: a house stands here
├── NotOpen         opening: no house stands here
├── JobFailed       supervisor: a migration or the topology failed
├── NotStanding     supervisor: processes were not ready in time
└── TokenRefused    tokens: the desk did not make a token
"""


class Problem(Exception):
    """Something a person can put right; the message tells them what. Shown without a traceback."""
