package org.keeplora.engine;

import java.util.List;

/**
 * What is known of a backend on this machine, as {@code keeplora doctor} shows it.
 *
 * @param name as {@link Linalg#backend} says it
 * @param facts libraries, versions, devices
 * @param obstacles why it cannot be had; empty where it can
 */
public record BackendReport(String name, List<String> facts, List<String> obstacles) {}
