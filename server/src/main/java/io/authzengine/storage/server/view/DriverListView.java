package io.authzengine.storage.server.view;

import java.util.Map;

/** @param drivers each driver, by id */
public record DriverListView(Map<String, DriverView> drivers) {}
