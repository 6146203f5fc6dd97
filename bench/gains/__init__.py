"""Measures what following one rule brings: started by bench/gains.ts, one process for each rule."""
