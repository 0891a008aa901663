/**
 * Machines and networks to measure and to break, made of this machine alone: network namespaces, shaped links, control groups
 * and real members in them. Start at {@link Testbed}; {@link LinkedNamespaces} is two namespaces and a link.
 */
@NullMarked
package dev.tandem.harness.testbed;

import org.jspecify.annotations.NullMarked;
