"""What the app does, without Streamlit: settings, runs, figures."""
