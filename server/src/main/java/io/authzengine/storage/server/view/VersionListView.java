package io.authzengine.storage.server.view;

import java.util.List;

/**
 * The sets that were served and are remembered.
 *
 * @param current the number of the one being served; 0 if none
 * @param count how many are remembered, on all pages
 * @param offset how many of them were skipped
 * @param items this page, newest first
 */
public record VersionListView(long current, int count, int offset, List<VersionView> items) {}
