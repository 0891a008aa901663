/** Keeps the topology, plans, and rolls plans out. Start at {@link Supervisor}. */
@NullMarked
package dev.tandem.actors.supervisor;

import org.jspecify.annotations.NullMarked;
