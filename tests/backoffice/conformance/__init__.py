"""What the back office answers is what the TM Forum swaggers say, however it is asked: examples made by Schemathesis."""
