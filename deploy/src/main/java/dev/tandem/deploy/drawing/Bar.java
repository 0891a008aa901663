package dev.tandem.deploy.drawing;

import java.awt.Color;

/**
 * That something is busy for a while.
 *
 * @param row what is busy
 * @param label written on it where there is room
 */
record Bar(String row, double beginSeconds, double endSeconds, Color color, String label) {}
