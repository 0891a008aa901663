/**
 * Tensors in fewer bytes, frame by frame, for the way from one node to another. Start at {@link
 * dev.tandem.inference.codec.FrameEncoder}.
 */
@NullMarked
package dev.tandem.inference.codec;

import org.jspecify.annotations.NullMarked;
