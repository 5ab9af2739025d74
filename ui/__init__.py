"""The Streamlit parts of the app: what the pages share, and a folder of parts for each page."""
