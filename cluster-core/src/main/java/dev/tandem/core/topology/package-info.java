/** Immutable snapshots of the machines: nodes, core groups, memory, power and links. Start at {@link Topology}. */
@NullMarked
package dev.tandem.core.topology;

import org.jspecify.annotations.NullMarked;
