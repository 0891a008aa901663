/**
 * The emulation of EdgeLD and EdgeDI: their time model, their divisions, what Tandem plans in it and the optimum, proven by
 * code of its own. Start at {@link dev.tandem.harness.experiment.edgeld.Emulation}.
 */
@NullMarked
package dev.tandem.harness.experiment.edgeld;

import org.jspecify.annotations.NullMarked;
