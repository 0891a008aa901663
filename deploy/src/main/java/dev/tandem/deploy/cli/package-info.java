/**
 * The {@code tandem} program: {@link dev.tandem.deploy.cli.Main} and its commands. Other jars add commands by
 * implementing {@link dev.tandem.deploy.cli.Command} and naming the class in {@code META-INF/services}.
 */
@NullMarked
package dev.tandem.deploy.cli;

import org.jspecify.annotations.NullMarked;
