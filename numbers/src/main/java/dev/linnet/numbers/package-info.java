/** What happened to requests: outcomes, counts, buckets, how they add up, and their JSON. */
@NullMarked
package dev.linnet.numbers;

import org.jspecify.annotations.NullMarked;
