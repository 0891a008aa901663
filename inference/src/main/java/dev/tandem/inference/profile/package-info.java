/** Measured seconds of each layer, from profiled runs of the whole fused model. Start at {@link LayerProfiler}. */
@NullMarked
package dev.tandem.inference.profile;

import org.jspecify.annotations.NullMarked;
