/**
 * Networks to measure and to break, made of this machine alone: network namespaces and shaped links between them. Start at
 * {@link LinkedNamespaces}.
 */
@NullMarked
package dev.tandem.harness.testbed;

import org.jspecify.annotations.NullMarked;
