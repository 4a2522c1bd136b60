"""Writes true Windows event logs (.evtx): BinXml by [MS-EVEN6] 2.2, chunks and headers by libevtx' description."""
