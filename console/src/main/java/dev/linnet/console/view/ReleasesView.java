package dev.linnet.console.view;

import dev.linnet.console.release.Listing;
import dev.linnet.console.release.Release;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The list of releases.
 *
 * @param rows     those that are listed
 * @param total    how many the person may see
 * @param counts   how many of them each group has, in the order of {@link Listing.Group}
 * @param complete whether all have been read from the API
 * @param failure  why not, if that is known
 */
public record ReleasesView(
        Frame frame,
        Listing listing,
        List<Release> rows,
        int total,
        List<Integer> counts,
        boolean complete,
        String failure) {
    public ReleasesView {
        rows = List.copyOf(rows);
        counts = List.copyOf(counts);
    }

    public String query() {
        return query(listing.group(), listing.order(), listing.descending());
    }

    /** This list with another group. */
    public String query(Listing.Group group) {
        return query(group, listing.order(), listing.descending());
    }

    /** This list in another order; the other way round if it is in this one. */
    public String query(Listing.Order order) {
        return query(listing.group(), order, listing.order() == order && !listing.descending());
    }

    private String query(Listing.Group group, Listing.Order order, boolean descending) {
        return "q=" + URLEncoder.encode(listing.text(), StandardCharsets.UTF_8) + "&show=" + group.word() + "&sort="
                + order.word() + (descending ? "&to=down" : "");
    }

    /** For screen readers: how a column is sorted. */
    public String sorted(Listing.Order order) {
        return listing.order() != order ? "none" : listing.descending() ? "descending" : "ascending";
    }
}
