/**
 * What can go wrong with machines and links, done to a test bed at set times and recorded. Start at {@link FaultScript} and
 * {@link FaultPlayer}.
 */
@NullMarked
package dev.tandem.harness.fault;

import org.jspecify.annotations.NullMarked;
