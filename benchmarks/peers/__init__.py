"""anyvideo beside other clients: `make bench PEERS=1` measures, and writes docs/figures.md.

Each client runs in an environment of its own and speaks its own wire to one server on loopback.

    pins.toml        which releases are measured
    environments.py  makes the environments, below .venv
    standin.py       the server; answers.py is what it says
    programs/        what runs inside an environment: probe.py, and a module for each client
    runs.py          starts the probes and reads what they print
    gateways.py      puts the gateways under load
    page.py          writes the page from benchmarks/results/peers.json
    chart.py         draws the chart from the same file
"""
