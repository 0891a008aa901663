/**
 * What codecs make of feature maps of models, and of answers. Start at {@link
 * dev.tandem.harness.experiment.codec.CodecTrial}.
 */
@NullMarked
package dev.tandem.harness.experiment.codec;

import org.jspecify.annotations.NullMarked;
