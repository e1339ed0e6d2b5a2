"""The centre: KPU RI's server as this project proposes it, its stores, its console and the public site."""
