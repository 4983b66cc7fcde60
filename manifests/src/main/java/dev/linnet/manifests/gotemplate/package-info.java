/** Go's text/template, in which the queries of Flagger's metrics are written (spec of Flagger, §5.2). Pure: a template and functions in, a text out. */
@NullMarked
package dev.linnet.manifests.gotemplate;

import org.jspecify.annotations.NullMarked;
