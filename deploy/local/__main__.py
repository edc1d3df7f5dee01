"""`python -m deploy.local`: the command line behind `./meja`."""

from deploy.local.commands import main

if __name__ == "__main__":
    main(prog_name="./meja")
