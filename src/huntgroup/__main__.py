"""`python -m huntgroup`, and the console script `huntgroup`."""

from huntgroup.cli.app import main

if __name__ == "__main__":
    main()
