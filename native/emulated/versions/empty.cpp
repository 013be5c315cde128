/* A library without functions: it only has to be there when another one is loaded. */
