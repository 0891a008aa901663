/**
 * Standard architectures as ONNX files with seeded random weights, so that demos, tests and experiments need no download.
 *
 * <p>Start at {@link dev.tandem.inference.zoo.ZooModel}. An architecture is described once, against {@code GraphBuilder},
 * which tracks shapes, parameters and multiply-adds and only records which weights are needed; their values are drawn
 * when the file is written, one small chunk at a time, so that no model's weights ever lie on the heap.
 */
@NullMarked
package dev.tandem.inference.zoo;

import org.jspecify.annotations.NullMarked;
