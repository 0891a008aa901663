/**
 * Segments of a folded model as ONNX graphs of their own, whole or for a region of rows. Start at
 * {@link SegmentExtractor}.
 */
@NullMarked
package dev.tandem.inference.rewrite;

import org.jspecify.annotations.NullMarked;
