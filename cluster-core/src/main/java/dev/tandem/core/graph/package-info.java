/** The model as a DAG of layers, free of ONNX: tensors, layers, cuts and segments. Start at {@link ModelGraph}. */
@NullMarked
package dev.tandem.core.graph;

import org.jspecify.annotations.NullMarked;
