"""What the guide's figures are measured with: one module for each part of the guide, found by bench/guide_figures.py."""
