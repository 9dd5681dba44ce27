"""HTTP/1.1 as this server speaks it: sockets, connections with deadlines, bodies, routes, answers to the byte."""
