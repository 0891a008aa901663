/**
 * Variants of a model at different accuracy and cost, and which of them each place of a cluster runs on how many images of a
 * batch, so that a required rate and a required mean accuracy hold. Start at {@link dev.tandem.core.variant.VariantChoice}.
 */
@NullMarked
package dev.tandem.core.variant;

import org.jspecify.annotations.NullMarked;
