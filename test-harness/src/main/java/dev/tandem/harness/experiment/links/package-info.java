/** Ways of dividing and coding on links of several rates, as ratios. Start at {@link dev.tandem.harness.experiment.links.Way}. */
@NullMarked
package dev.tandem.harness.experiment.links;

import org.jspecify.annotations.NullMarked;
