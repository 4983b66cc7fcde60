/**
 * Ingresses as rules, as ingress-nginx reads them. In two steps, so that a change costs what it changes: {@link
 * IngressReader} reads one object by itself, {@link HostMerge} settles who serves what on one host.
 */
@NullMarked
package dev.linnet.manifests.ingress;

import org.jspecify.annotations.NullMarked;
