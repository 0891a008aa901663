/** Pictures of plans, as SVG. Start at {@link dev.tandem.deploy.drawing.PlanPicture}. */
@NullMarked
package dev.tandem.deploy.drawing;

import org.jspecify.annotations.NullMarked;
