/**
 * ONNX files in and out: reading without loading weights, checks with clear refusals, and folding a model into a package
 * of a small graph beside content-addressed weight files. Start at {@link ModelFolder} and {@link ModelPackage}.
 */
@NullMarked
package dev.tandem.inference.onnx;

import org.jspecify.annotations.NullMarked;
