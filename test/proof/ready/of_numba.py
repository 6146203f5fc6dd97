"""The first function that is compiled sets the compiler up. Not a parallel one: those start threads."""

import numba
import numpy

numba.njit(lambda values: values.sum())(numpy.ones(2))
