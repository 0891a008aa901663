/**
 * Sending requests and saying how it went. Start at {@link dev.tandem.deploy.load.ClosedLoop}, which waits for answers, and
 * {@link dev.tandem.deploy.load.OpenLoop}, which does not.
 */
@NullMarked
package dev.tandem.deploy.load;

import org.jspecify.annotations.NullMarked;
