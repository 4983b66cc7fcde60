package dev.linnet.console.release;

import java.util.ArrayList;
import java.util.List;

/** What is different between two texts, line by line (longest common subsequence). */
public final class LineDiff {
    private static final int MOST_LINES = 1_500;
    private static final int AROUND = 2;

    private LineDiff() {}

    /** A line of the picture. */
    public record Line(Mark mark, String text) {}

    /** Where a line belongs. */
    public enum Mark {
        SAME,
        ONLY_OLD,
        ONLY_NEW,
        /** Lines that are the same have been left out here. */
        GAP
    }

    /** The lines that differ, each with what is around it; empty if none does. */
    public static List<Line> of(List<String> before, List<String> after) {
        List<String> old = before.subList(0, Math.min(before.size(), MOST_LINES));
        List<String> now = after.subList(0, Math.min(after.size(), MOST_LINES));
        return shortened(all(old, now, lengths(old, now)));
    }

    private static int[][] lengths(List<String> old, List<String> now) {
        int[][] lengths = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                lengths[i][j] = old.get(i).equals(now.get(j))
                        ? lengths[i + 1][j + 1] + 1
                        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
            }
        }
        return lengths;
    }

    private static List<Line> all(List<String> old, List<String> now, int[][] lengths) {
        List<Line> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                lines.add(new Line(Mark.SAME, old.get(i)));
                i++;
                j++;
            } else if (j == now.size() || (i < old.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
                lines.add(new Line(Mark.ONLY_OLD, old.get(i)));
                i++;
            } else {
                lines.add(new Line(Mark.ONLY_NEW, now.get(j)));
                j++;
            }
        }
        return lines;
    }

    private static List<Line> shortened(List<Line> all) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (isNearChange(all, i)) {
                lines.add(all.get(i));
            } else if (!lines.isEmpty() && lines.getLast().mark() != Mark.GAP) {
                lines.add(new Line(Mark.GAP, ""));
            }
        }
        if (!lines.isEmpty() && lines.getLast().mark() == Mark.GAP) {
            lines.removeLast();
        }
        return lines;
    }

    private static boolean isNearChange(List<Line> all, int index) {
        for (int i = Math.max(0, index - AROUND); i <= Math.min(all.size() - 1, index + AROUND); i++) {
            if (all.get(i).mark() != Mark.SAME) {
                return true;
            }
        }
        return false;
    }
}
