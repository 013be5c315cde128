package org.keeplora.engine;

import java.util.List;

/**
 * The state of a backend on this machine, as {@code keeplora doctor} shows it.
 *
 * @param name as {@link Linalg#backend} returns it
 * @param facts libraries, versions, devices
 * @param obstacles why it is not available; empty if it is
 */
public record BackendReport(String name, List<String> facts, List<String> obstacles) {}
