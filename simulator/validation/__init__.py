"""Published measurements on people held against the model: cases as data, one parameter set, prediction before comparison."""
