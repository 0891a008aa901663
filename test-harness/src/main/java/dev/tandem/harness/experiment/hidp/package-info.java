/** Networks, boards and techniques of the experiment {@code hidp}, and what is planned on them. */
@NullMarked
package dev.tandem.harness.experiment.hidp;

import org.jspecify.annotations.NullMarked;
