/**
 * From a folded ONNX graph to the ONNX-free model graph: layer order, multiply-adds, weight bytes and row geometry. Start
 * at {@link GraphReader}.
 */
@NullMarked
package dev.tandem.inference.graph;

import org.jspecify.annotations.NullMarked;
