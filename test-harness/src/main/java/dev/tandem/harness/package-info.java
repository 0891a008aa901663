/** Test bed, experiments and faults, and the rules that keep the rooms of the house apart. */
@NullMarked
package dev.tandem.harness;

import org.jspecify.annotations.NullMarked;
