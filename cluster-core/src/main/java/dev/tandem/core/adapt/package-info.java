/**
 * What a serving plan is worth while machines change: speeds of core groups from the times of their calls, and whether
 * another plan pays for the move. Pure, without a clock of its own, so that decisions can be computed again from what was
 * recorded. Start at {@link dev.tandem.core.adapt.CoreGroupSpeeds} and {@link dev.tandem.core.adapt.MoveRule}.
 */
@NullMarked
package dev.tandem.core.adapt;

import org.jspecify.annotations.NullMarked;
