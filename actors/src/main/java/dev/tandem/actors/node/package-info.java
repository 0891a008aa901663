/** What runs on every node: the agent, its core groups and the epochs it hosts. Start at {@link NodeAgent}. */
@NullMarked
package dev.tandem.actors.node;

import org.jspecify.annotations.NullMarked;
